namespace DistractedDriver.Optimizers;

/// <summary>An array that an optimizer keeps for each weight.</summary>
/// <param name="Number">Which of the arrays that a step is given.</param>
/// <param name="Keras2">Its name in Keras 2: "m".</param>
/// <param name="Keras3">Its name in Keras 3: "momentum".</param>
internal sealed record OptimizerSlot(int Number, string Keras2, string Keras3);
