"""The door: Flask and Flask-SocketIO. Decodes what comes in, passes on what goes out."""
