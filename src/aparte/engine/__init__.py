"""The engine: `step`, pure, and around it the thin shell that keeps the states of a running site."""

from aparte.engine.step import State, on_client_event, step, wake_at

__all__ = ["State", "on_client_event", "step", "wake_at"]
