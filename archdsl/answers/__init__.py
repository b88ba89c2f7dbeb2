"""What the verbs answer, one module each: computed, with every form of it. Must not print, and must not know options.

Each answer shows itself when printed, has `to_dict()` for JSON, and what else its kind asks for. The command line and Python
programs get the same.
"""
