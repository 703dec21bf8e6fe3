namespace Fathom.Tokenization.Templates;

/// <summary>What kind of thing went wrong in a chat template. The names follow the exception types of the reference (Jinja on Python).</summary>
public enum ChatTemplateFault
{
    /// <summary>The template text is not valid Jinja (<c>TemplateSyntaxError</c>).</summary>
    Syntax,

    /// <summary>A filter or test that does not exist (<c>TemplateAssertionError</c>).</summary>
    UnknownName,

    /// <summary>A variable, key or attribute that does not exist was used (<c>UndefinedError</c>).</summary>
    Undefined,

    /// <summary>An operation on values of the wrong type (<c>TypeError</c>).</summary>
    Type,

    /// <summary>A value out of range for an operation (<c>ValueError</c>, <c>OverflowError</c>, <c>ZeroDivisionError</c>, <c>LookupError</c>).</summary>
    Value,

    /// <summary>The template reached for something that the sandbox forbids (<c>SecurityError</c>).</summary>
    Security,

    /// <summary>The template itself refused the conversation with <c>raise_exception</c> (<c>TemplateError</c>).</summary>
    Raised,

    /// <summary>A limit of <see cref="ChatTemplateLimits"/> was reached.</summary>
    Limit,

    /// <summary>Valid in the reference, but deliberately not done here: the message says what and why.</summary>
    Unsupported,
}
