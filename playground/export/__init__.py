"""What leaves the playground as a file: weights as archives."""
