"""Files of other systems, turned into Segment messages: one module a format, each with a `convert`.

`convert(lines, report)` (ga360: `convert(hits, sessions, report)`) yields one message a line, as bytes without a line
end, and counts in the report what it read, wrote, skipped and could not read. Input is any iterable, so files stream.
"""
