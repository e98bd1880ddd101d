"""Aparté: helps the visitors of a web shop at the right moment, and proves what that help earned."""
