"""Measurements that other programs made, read into the table of measurements and written for them."""
