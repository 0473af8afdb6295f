"""Compares two HDF5 files through h5py: groups, attributes, the types, shapes and bytes of datasets.

    python3 compare_hdf5.py OURS KERAS      (Debian: python3-h5py)

A model_config is compared as JSON, but for what stands in ours so that Keras 3 reads it as well; a training_config is there in both
or in none. Exits with the number of differences, each on a line.
"""
import json
import sys

import h5py
import numpy as np


UNREAD_BY_KERAS_3 = {"DepthwiseConv2D": ["groups"], "SeparableConv2D": ["groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"]}


def for_both(model):
    for end in ("input_layers", "output_layers"):
        if len(model["config"][end]) == 1:
            model["config"][end] = model["config"][end][0]
    for layer in model["config"]["layers"]:
        config = layer["config"]
        for key in UNREAD_BY_KERAS_3.get(layer["class_name"], []):
            config.pop(key, None)
        if isinstance(config.get("axis"), list):
            config["axis"] = config["axis"][0]
    return model


def described(file):
    found = {}

    def attributes(name, item):
        for key, value in item.attrs.items():
            kind = item.attrs.get_id(key).dtype
            text = h5py.check_string_dtype(kind)
            plain = for_both(json.loads(value)) if key == "model_config" else None if key == "training_config" else np.asarray(value).tolist()
            found[f"{name}@{key}"] = ("text, variable length" if text and text.length is None else str(kind), np.shape(value), plain)

    def visit(name, item):
        attributes(name, item)
        found[name] = "group" if isinstance(item, h5py.Group) else (str(item.dtype), item.shape, item[()].tobytes())

    attributes("", file)
    file.visititems(visit)
    return found


with h5py.File(sys.argv[1], "r") as ours, h5py.File(sys.argv[2], "r") as keras:
    a, b = described(ours), described(keras)
different = [key for key in sorted(set(a) | set(b)) if a.get(key) != b.get(key)]
for key in different:
    print(key, "ours:", str(a.get(key))[:200], "Keras's:", str(b.get(key))[:200])
print(f"{len(b)} items, {len(different)} differences")
sys.exit(min(len(different), 100))
