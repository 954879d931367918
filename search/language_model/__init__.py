"""A language model at an OpenAI-compatible endpoint, for whoever asks one.

    LanguageModel(url, "a-model", timeout_s=20).reply([Message("user", "…")])   # pieces of text, or NoReply

Nothing is sent anywhere unless somebody has set an endpoint.
"""
