"""What readers' browsers display: pages, images, and formatted numbers."""
