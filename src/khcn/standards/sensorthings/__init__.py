"""OGC SensorThings API 1.1, part 1 (sensing): entities, resource paths and query options, without any storage."""
