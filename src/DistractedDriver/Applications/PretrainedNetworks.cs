namespace DistractedDriver.Applications;

/// <summary>The pretrained networks that Keras offers, with the figures of its documentation (keras.io/api/applications).</summary>
public static class PretrainedNetworks
{
    /// <summary>All of them, in the order of Keras's table.</summary>
    public static IReadOnlyList<PretrainedNetwork> All { get; } =
    [
        new("Xception", 88, 79.0, 94.5, 22.9, 81),
        new("VGG16", 528, 71.3, 90.1, 138.4, 16),
        new("VGG19", 549, 71.3, 90.0, 143.7, 19),
        new("ResNet50", 98, 74.9, 92.1, 25.6, 107),
        new("ResNet50V2", 98, 76.0, 93.0, 25.6, 103),
        new("ResNet101", 171, 76.4, 92.8, 44.7, 209),
        new("ResNet101V2", 171, 77.2, 93.8, 44.7, 205),
        new("ResNet152", 232, 76.6, 93.1, 60.4, 311),
        new("ResNet152V2", 232, 78.0, 94.2, 60.4, 307),
        new("InceptionV3", 92, 77.9, 93.7, 23.9, 189),
        new("InceptionResNetV2", 215, 80.3, 95.3, 55.9, 449),
        new("MobileNet", 16, 70.4, 89.5, 4.3, 55),
        new("MobileNetV2", 14, 71.3, 90.1, 3.5, 105),
        new("DenseNet121", 33, 75.0, 92.3, 8.1, 242),
        new("DenseNet169", 57, 76.2, 93.2, 14.3, 338),
        new("DenseNet201", 80, 77.3, 93.6, 20.2, 402),
        new("NASNetMobile", 23, 74.4, 91.9, 5.3, 389),
        new("NASNetLarge", 343, 82.5, 96.0, 88.9, 533),
        new("EfficientNetB0", 29, 77.1, 93.3, 5.3, 132),
        new("EfficientNetB1", 31, 79.1, 94.4, 7.9, 186),
        new("EfficientNetB2", 36, 80.1, 94.9, 9.2, 186),
        new("EfficientNetB3", 48, 81.6, 95.7, 12.3, 210),
        new("EfficientNetB4", 75, 82.9, 96.4, 19.5, 258),
        new("EfficientNetB5", 118, 83.6, 96.7, 30.6, 312),
        new("EfficientNetB6", 166, 84.0, 96.8, 43.3, 360),
        new("EfficientNetB7", 256, 84.3, 97.0, 66.7, 438),
        new("EfficientNetV2B0", 29, 78.7, 94.3, 7.2, null),
        new("EfficientNetV2B1", 34, 79.8, 95.0, 8.2, null),
        new("EfficientNetV2B2", 42, 80.5, 95.1, 10.2, null),
        new("EfficientNetV2B3", 59, 82.0, 95.8, 14.5, null),
        new("EfficientNetV2S", 88, 83.9, 96.7, 21.6, null),
        new("EfficientNetV2M", 220, 85.3, 97.4, 54.4, null),
        new("EfficientNetV2L", 479, 85.7, 97.5, 119.0, null),
    ];
}
