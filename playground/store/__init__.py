"""What outlives the server: sessions and saved experiments in a database, SQLite or PostgreSQL."""
