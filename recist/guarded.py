"""Call what reads foreign bytes in a child process whose memory and time are limited."""
