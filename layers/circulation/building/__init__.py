"""What the Makefile runs while it builds the layer; nothing of it goes into the layer."""
