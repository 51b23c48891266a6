"""Points, features and tables: what a network learns from. Knows no network."""
