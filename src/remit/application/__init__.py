"""What Remit can be asked to do: one function for each use case, with the types of its request and its result.

The command line, and later the service, call these functions and show what they return. Nothing here prints, asks, or
knows who asks: progress is reported to a function that is passed in, and the work stops where another says so.
"""
