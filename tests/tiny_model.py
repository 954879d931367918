"""A tiny embedding model of another make than the bundled one: BERT, WordPiece, no prompts, a projection.

Its token states have 32 components, its sentence vectors 16, and it reads 64 tokens. Its tokenizer file asks to pad
every text to 64 tokens, as those of some published models do.
"""

import json
import re
import string
from pathlib import Path

from corpus.text import fold
from tests.almanac import CHALLENGES

STATES, VECTORS, READ = 32, 16, 64
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def write_tiny_model(folder: Path, network: str = "bert") -> Path:
    """Write the model as a sentence-transformers folder, which is returned; `network` is "bert" or "fnet"."""
    import torch
    from transformers import BertConfig, BertModel, FNetConfig, FNetModel, PreTrainedTokenizerFast

    torch.manual_seed(7)
    folder.mkdir(parents=True)
    tokenizer = tiny_tokenizer()
    sizes = {"vocab_size": tokenizer.get_vocab_size(), "hidden_size": STATES, "num_hidden_layers": 2}
    sizes |= {"intermediate_size": 64, "max_position_embeddings": READ, "pad_token_id": 0}
    match network:
        case "bert":
            model = BertModel(BertConfig(**sizes, num_attention_heads=4))
        case "fnet":
            model = FNetModel(FNetConfig(**sizes))
    # Words outweigh their positions and neighbours, so that a text is nearest to one of the same words.
    model.embeddings.word_embeddings.weight.data *= 10
    model.save_pretrained(folder)
    named = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=READ, **named).save_pretrained(folder)
    _write_modules(folder)
    return folder


SKIPPED = (",", ".")


def write_tiny_colbert(folder: Path) -> Path:
    """Write a multi-vector model as PyLate saves one: a projection of each token, markers, a skip list."""
    write_tiny_model(folder)
    (folder / "2_Dense").rename(folder / "1_Dense")
    for file in (folder / "1_Pooling").iterdir():
        file.unlink()
    (folder / "1_Pooling").rmdir()
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Dense", "type": "pylate.models.Dense.Dense"},
    ]
    config = {
        "model_type": "ColBERT",
        "query_prefix": "[Q] ",
        "document_prefix": "[D] ",
        "query_length": 16,
        "document_length": READ,
        "attend_to_expansion_tokens": False,
        "skiplist_words": list(SKIPPED),
        "similarity_fn_name": "MaxSim",
    }
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    (folder / "config_sentence_transformers.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def _vocabulary() -> dict[str, int]:
    """Every word of the almanac, and every letter for other words."""
    folded = fold(" ".join(paragraph for told in CHALLENGES.values() for paragraph in told))
    words = set(re.findall(r"[a-z]+", folded))
    letters = set(string.ascii_lowercase + string.digits + string.punctuation)
    pieces = [*SPECIAL, *sorted(words | letters), *sorted(f"##{letter}" for letter in letters)]
    return {piece: n for n, piece in enumerate(pieces)}


def tiny_tokenizer():
    """A tokenizer of whole words, those of the almanac, and of single letters."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.WordPiece(_vocabulary(), unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")],
    )
    tokenizer.enable_padding(length=READ, pad_id=0, pad_token="[PAD]")
    return tokenizer


def _write_modules(folder: Path) -> None:
    import torch
    from safetensors.torch import save_file

    parts = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Dense", "Dense"))
    modules = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{noun}"}
        for n, (path, noun) in enumerate(parts)
    ]
    dense = {"in_features": STATES, "out_features": VECTORS, "bias": False}
    files = {
        "modules.json": modules,
        "sentence_bert_config.json": {"max_seq_length": READ, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": STATES, "pooling_mode_mean_tokens": True},
        "2_Dense/config.json": dense | {"activation_function": "torch.nn.modules.linear.Identity"},
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    save_file({"linear.weight": torch.randn(VECTORS, STATES)}, folder / "2_Dense" / "model.safetensors")
