"""SensorThings 1.1: reading of all entities, taking in of observations."""
