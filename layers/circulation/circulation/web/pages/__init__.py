"""What a page of a reader's shows or embeds: HTML, images, numbers."""
