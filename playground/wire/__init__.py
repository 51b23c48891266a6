"""What goes between server and browser: commands, frames as bytes, the schema."""
