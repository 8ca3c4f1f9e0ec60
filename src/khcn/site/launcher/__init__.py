"""What `./khcn` does: set up, serve, test, back up; the first steps use Python's own library only.

`setup`, `python_env`, `front_end`, `messages` and `house` must import before any dependency is installed; the other
modules run inside `.venv`, to which `__main__` hands over as soon as it stands.
"""
