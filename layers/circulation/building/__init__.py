"""Steps of the layer's build, which its Makefile runs; they are not in the layer."""
