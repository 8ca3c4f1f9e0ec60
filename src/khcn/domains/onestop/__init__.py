"""One-stop handling of administrative procedures: catalogue, dossiers, papers, surveys, complaints, service index."""
