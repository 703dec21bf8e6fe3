namespace Fathom.Loading.Checkpoints.Pickles;

/// <summary>What a name in a pickle stands for. The set is closed: calling one runs our code, chosen by this value.</summary>
internal enum PickleGlobalKind
{
    OrderedDict,
    Counter,
    RebuildTensor,
    RebuildTensorV2,
    RebuildTensorV3,
    RebuildParameter,
    RebuildParameterWithState,
    RebuildFromType,
    TensorClass,
    Size,
    Device,
    Layout,
    ElementType,
    StorageType,
    Encode,
    Set,
    ByteArray,
    Complex,
    NumpyScalar,
    NumpyType,
}
