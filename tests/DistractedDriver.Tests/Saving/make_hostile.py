"""Writes the files in hostile/: weights of one dense layer, each with something that Keras never writes.

    python3 make_hostile.py hostile      (Debian: python3-h5py)
"""
import sys

import h5py
import numpy as np

KERNEL, BIAS = np.arange(6, dtype=np.float32).reshape(3, 2), np.array([0.5, -0.5], np.float32)


def write(name, kernel=None, change=None, **options):
    with h5py.File(f"{sys.argv[1]}/{name}.h5", "w", **options) as file:
        file.attrs["layer_names"] = np.array([b"dense"])
        file.attrs["backend"], file.attrs["keras_version"] = "tensorflow", "2.15.0"
        group = file.create_group("dense")
        group.attrs["weight_names"] = np.array([b"dense/kernel:0", b"dense/bias:0"])
        inner = group.create_group("dense")
        inner["bias:0"] = BIAS
        if kernel is not None:
            inner["kernel:0"] = kernel
        elif change is None:
            inner["kernel:0"] = KERNEL
        if change is not None:
            change(file, inner)




def virtual(file, inner):
    layout = h5py.VirtualLayout(shape=(3, 2), dtype="f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "a", shape=(3, 2))
    inner.create_virtual_dataset("kernel:0", layout)


def bfloat16(file, inner):
    bits = (KERNEL.view(np.uint32) >> 16).astype(np.uint16)
    stored = inner.create_dataset("kernel:0", data=bits.view("V2"))
    stored.attrs["dtype"] = "bfloat16"


def within_itself(file, inner):
    file["dense/dense/kernel:0"] = KERNEL
    file["dense/dense/again"] = file["dense"]


def soft(target):
    return lambda file, inner: inner.__setitem__("kernel:0", h5py.SoftLink(target))


write("plain")
write("plain_latest", libver="latest")
write("integers", KERNEL.astype(np.int32))
write("unsigned", KERNEL.astype(np.uint16))
write("complex", KERNEL.astype(np.complex64))
write("compound", np.zeros((3, 2), [("a", "f2"), ("b", "f2")]))
write("strings", np.array([[b"ab", b"cd"]] * 3, "S4"))
write("bfloat16", change=bfloat16)
write("opaque", change=lambda file, inner: inner.create_dataset("kernel:0", data=np.zeros((3, 2), "V2")))
write("soft_link_to_itself", change=soft("/dense/dense/kernel:0"))
write("soft_link_to_itself_latest", change=soft("/dense/dense/kernel:0"), libver="latest")
write("soft_link", change=lambda file, inner: (file.__setitem__("other", KERNEL), soft("/other")(file, inner)))
write("external_link", change=lambda file, inner: inner.__setitem__("kernel:0", h5py.ExternalLink("/etc/passwd", "/a")), libver="latest")
write("external_link_old", change=lambda file, inner: inner.__setitem__("kernel:0", h5py.ExternalLink("/etc/passwd", "/a")))
write("external_storage", change=lambda file, inner: inner.create_dataset("kernel:0", (3, 2), "f4", external=[("/etc/passwd", 0, 24)]))
write("virtual", change=virtual, libver="latest")
write("within_itself", change=within_itself)
write("checksums", change=lambda file, inner: inner.create_dataset("kernel:0", data=KERNEL, chunks=(2, 2), fletcher32=True))
write("gzip", change=lambda file, inner: inner.create_dataset("kernel:0", data=KERNEL, chunks=(2, 2), compression="gzip", shuffle=True))
write("big_endian", KERNEL.astype(">f4"))
write("huge", change=lambda file, inner: inner.create_dataset("kernel:0", (1 << 30, 1 << 10), "f4", chunks=(1 << 10, 1 << 10), compression="gzip"))
write("huge_chunk", change=lambda file, inner: inner.create_dataset("kernel:0", (3, 1 << 29), "f4", chunks=(1, 1 << 29), compression="gzip"))
