"""KHCN: a province's science and technology programme and the systems that it commissions."""

__version__ = "0.1.0"
