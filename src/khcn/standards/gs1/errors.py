"""What the codecs of GS1 identification refuse, with a code for programs and a sentence for people.

Gs1Refusal (ValueError)
├── ElementRefused      one application identifier or its value
├── LinkRefused         a Digital Link URI as a whole
└── EpcRefused          an EPC name or tag encoding
"""


class Gs1Refusal(ValueError):
    """One refused text; `code` is stable, `ai` names the application identifier where there is one."""

    def __init__(self, code: str, sentence: str, ai: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.ai = ai


class ElementRefused(Gs1Refusal):
    """An application identifier that is unknown, or a value that its format or rules refuse."""


class LinkRefused(Gs1Refusal):
    """A URI that is no GS1 Digital Link."""


class EpcRefused(Gs1Refusal):
    """A text that is no EPC name of a known scheme, or one that does not fit the asked encoding."""
