namespace Fathom.Configuration;

/// <summary>How rotary frequencies are stretched. Closed: the sealed records in this folder whose names end in <c>Scaling</c>.</summary>
public abstract record RotaryScaling;
