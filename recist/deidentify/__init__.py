"""Take identities out of images and tables and keep what a study needs: links, order and intervals."""
