namespace Fathom.Hooks;

/// <summary>Removes what it was made for, once.</summary>
internal sealed class HookScope(Action remove) : IDisposable
{
    private Action? _remove = remove;

    public void Dispose()
    {
        _remove?.Invoke();
        _remove = null;
    }
}
