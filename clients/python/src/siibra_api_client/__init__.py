"""A client of siibra-api: see README.md."""

from .client import Client
from .sending import ApiError

__all__ = ["ApiError", "Client"]
