"""Does with Python's libraries what the benchmarks do with this one. Reads "function rounds" lines, answers with JSON."""
import glob
import json
import os
import sys
import time

FILES = sorted(glob.glob(os.path.join(sys.argv[1], "*", "*.jpg")))[:64]


def vgg16():
    import torch
    blocks = [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]
    layers, channels = [], 3
    for count, filters in blocks:
        for _ in range(count):
            layers += [torch.nn.Conv2d(channels, filters, 3, padding=1), torch.nn.ReLU(inplace=True)]
            channels = filters
        layers.append(torch.nn.MaxPool2d(2))
    network = torch.nn.Sequential(*layers).eval().to(memory_format=torch.channels_last)
    images = torch.rand(16, 3, 224, 224).to(memory_format=torch.channels_last)

    def run():
        with torch.no_grad():
            network(images)
    return run, "PyTorch " + torch.__version__


def read(path):
    from PIL import Image
    import numpy
    with Image.open(path) as image:
        return numpy.asarray(image.convert("RGB").resize((224, 224), Image.NEAREST), dtype=numpy.float32)


def plain():
    import PIL

    def run():
        for path in FILES:
            read(path) * numpy.float32(1 / 255)
    import numpy
    return run, "Pillow " + PIL.__version__


def matrix():
    import numpy
    turn, shear, zoom = 0.2, 0.1, 1.1
    rotate = numpy.array([[numpy.cos(turn), -numpy.sin(turn), 0], [numpy.sin(turn), numpy.cos(turn), 0], [0, 0, 1]])
    shift = numpy.array([[1, 0, 9.5], [0, 1, -7.25], [0, 0, 1]])
    lean = numpy.array([[1, -numpy.sin(shear), 0], [0, numpy.cos(shear), 0], [0, 0, 1]])
    scale = numpy.array([[zoom, 0, 0], [0, 0.9, 0], [0, 0, 1]])
    centre = numpy.array([[1, 0, 111.5], [0, 1, 111.5], [0, 0, 1]])
    return centre @ rotate @ shift @ lean @ scale @ numpy.linalg.inv(centre)


def warp(image, affine):
    import numpy
    from scipy import ndimage
    return numpy.stack([ndimage.affine_transform(image[..., c], affine[:2, :2], affine[:2, 2], order=1, mode="nearest") for c in range(3)], axis=-1)


def warping():
    import scipy
    image, affine = read(FILES[0]), matrix()

    def run():
        for _ in range(64):
            warp(image, affine)
    return run, "SciPy " + scipy.__version__


def augmented():
    import PIL
    import scipy
    affine = matrix()

    def run():
        for path in FILES:
            warp(read(path), affine)[:, ::-1] * (1 / 255)
    return run, f"Pillow {PIL.__version__} + SciPy {scipy.__version__}"


def kernel():
    import ipykernel
    return lambda: None, "ipykernel " + ipykernel.__version__


for line in sys.stdin:
    name, rounds = line.split()
    try:
        run, library = globals()[name]()
        run()
        seconds = []
        for _ in range(int(rounds)):
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
        print(json.dumps({"seconds": seconds, "library": library}), flush=True)
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), flush=True)
