"""Conversations between a visitor and an agent: messages, delivery, surveys."""
