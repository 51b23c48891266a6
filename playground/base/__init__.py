"""The ground every other room stands on: errors, arrays and random streams, registries."""
