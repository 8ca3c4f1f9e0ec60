"""The OGC API: Features 1 to 4, Tiles and Records over the same layers, rights and services as the screens."""
