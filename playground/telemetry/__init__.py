"""What is measured while a network trains, and how that becomes a frame."""
