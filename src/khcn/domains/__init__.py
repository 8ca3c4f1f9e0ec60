"""Domain products; none imports another. Below them: shared services, entered by services and queries."""
