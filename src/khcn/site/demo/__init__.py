"""The demonstration: an invented province's programme, made by calling services and re-dated at load."""
