namespace Fathom.Hub.Tests.Fakes;

/// <summary>A request that a fake server saw.</summary>
internal sealed record SeenRequest(bool AtHub, string Method, string Path, string? Authorization, string? Range, string? Cookie);
