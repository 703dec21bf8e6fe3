using Microsoft.AspNetCore.Http;

namespace Fathom.Hub.Tests.Fakes;

/// <summary>Misbehaves, or not.</summary>
/// <param name="context">The request.</param>
/// <param name="honest">The honest answer.</param>
/// <returns>True when the request is answered.</returns>
internal delegate Task<bool> Fault(HttpContext context, Func<Task> honest);
