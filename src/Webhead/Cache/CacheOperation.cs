using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using System.Threading.Tasks.Sources;

namespace SyncStorage.Webhead.Cache;

/// <summary>
/// A command on its way: it writes itself in memcached's text protocol, reads its answer, and is what its caller waits for. Used
/// again and again, since there is one for each command.
/// </summary>
internal sealed class CacheOperation : IValueTaskSource<CacheAnswer>
{
    private const int MostPooled = 1024;
    private const int LongestLine = 2048;
    private const int LargestValue = 64 * 1024 * 1024;
    private static readonly ConcurrentQueue<CacheOperation> Pool = new();

    private ManualResetValueTaskSourceCore<CacheAnswer> source = new() { RunContinuationsAsynchronously = true };
    private CacheCommand command;
    private byte[]? value;
    private int filled;
    private ulong unique;

    private static ReadOnlySpan<byte> NewLine => "\r\n"u8;

    private static ReadOnlySpan<byte> EndOfValue => "\r\nEND\r\n"u8;

    public static CacheOperation Of(CacheCommand command)
    {
        if (!Pool.TryDequeue(out var operation)) operation = new CacheOperation();
        operation.command = command;
        return operation;
    }

    /// <summary>The answer, once. The operation is another command's afterwards.</summary>
    public ValueTask<CacheAnswer> AnswerAsync() => new(this, source.Version);

    public void Succeed(CacheAnswer answer) => source.SetResult(answer);

    public void Fail(Exception exception) => source.SetException(exception);

    /// <summary>Writes the command.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        var (verb, hasValue) = command.Verb switch
        {
            CacheVerb.Get => ("gets", false),
            CacheVerb.Set => ("set", true),
            CacheVerb.Add => ("add", true),
            CacheVerb.Replace => ("cas", true),
            CacheVerb.Delete => ("delete", false),
            CacheVerb.Touch => ("touch", false),
            CacheVerb.Version => ("version", false),
            _ => throw new InvalidOperationException($"There is no verb {command.Verb}."),
        };
        var line = output.GetSpan(verb.Length + command.Key.Length + 80);
        var length = Encoding.ASCII.GetBytes(verb, line);
        if (command.Key.Length > 0)
        {
            line[length++] = (byte)' ';
            length += Encoding.ASCII.GetBytes(command.Key, line[length..]);
        }

        if (hasValue)
        {
            length += Number(line[length..], 0);
            length += Number(line[length..], (ulong)command.ExpirySeconds);
            length += Number(line[length..], (ulong)command.Value.Length);
            if (command.Seen is { } seen) length += Number(line[length..], seen.Unique);
        }
        else if (command.Verb == CacheVerb.Touch)
        {
            length += Number(line[length..], 0);
        }

        NewLine.CopyTo(line[length..]);
        output.Advance(length + NewLine.Length);
        if (!hasValue) return;
        output.Write(command.Value.Span);
        output.Write(NewLine);
    }

    /// <summary>Reads on in the answer. Returns it once it is complete, and takes what it read off the input.</summary>
    /// <exception cref="InvalidDataException">This is no answer to the command.</exception>
    public CacheAnswer? Read(ref ReadOnlySpan<byte> input, long connection)
    {
        if (value is null)
        {
            var end = input.IndexOf(NewLine);
            if (end < 0) return input.Length <= LongestLine ? null : throw new InvalidDataException("memcached answered with an endless line");
            var line = input[..end];
            input = input[(end + NewLine.Length)..];
            if (command.Verb != CacheVerb.Get || !line.StartsWith("VALUE "u8)) return Outcome(line);
            BeginValue(line);
        }

        return ReadValue(ref input, connection);
    }

    CacheAnswer IValueTaskSource<CacheAnswer>.GetResult(short token)
    {
        try
        {
            return source.GetResult(token);
        }
        finally
        {
            source.Reset();
            (command, value, filled) = (default, null, 0);
            if (Pool.Count < MostPooled) Pool.Enqueue(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<CacheAnswer>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<CacheAnswer>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    private static int Number(Span<byte> into, ulong number)
    {
        into[0] = (byte)' ';
        Utf8Formatter.TryFormat(number, into[1..], out var written);
        return written + 1;
    }

    private static CacheAnswer Outcome(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("STORED"u8) || line.SequenceEqual("DELETED"u8) || line.SequenceEqual("TOUCHED"u8) || line.StartsWith("VERSION "u8))
            return new CacheAnswer(CacheOutcome.Done);
        if (line.SequenceEqual("END"u8) || line.SequenceEqual("NOT_FOUND"u8) || line.SequenceEqual("EXISTS"u8) || line.SequenceEqual("NOT_STORED"u8))
            return new CacheAnswer(CacheOutcome.NotDone);
        if (line.StartsWith("SERVER_ERROR "u8)) return new CacheAnswer(CacheOutcome.Refused);
        throw new InvalidDataException($"memcached answered \"{Encoding.ASCII.GetString(line[..Math.Min(line.Length, 60)])}\"");
    }

    private void BeginValue(ReadOnlySpan<byte> line)
    {
        // VALUE <key> <flags> <length> <unique>
        var numbers = line[(line.LastIndexOf((byte)' ') + 1)..];
        var rest = line[..^(numbers.Length + 1)];
        var lengthText = rest[(rest.LastIndexOf((byte)' ') + 1)..];
        if (!Utf8Parser.TryParse(numbers, out unique, out var read) || read != numbers.Length
            || !Utf8Parser.TryParse(lengthText, out int length, out read) || read != lengthText.Length || length is < 0 or > LargestValue)
        {
            throw new InvalidDataException("memcached announced a value that can't be read");
        }

        value = GC.AllocateUninitializedArray<byte>(length);
        filled = 0;
    }

    private CacheAnswer? ReadValue(ref ReadOnlySpan<byte> input, long connection)
    {
        var part = input[..Math.Min(value!.Length - filled, input.Length)];
        part.CopyTo(value.AsSpan(filled));
        filled += part.Length;
        input = input[part.Length..];
        if (filled < value.Length || input.Length < EndOfValue.Length) return null;
        if (!input.StartsWith(EndOfValue)) throw new InvalidDataException("memcached sent more than it announced");
        input = input[EndOfValue.Length..];
        return new CacheAnswer(CacheOutcome.Done, new CacheEntry(value, unique, connection));
    }
}
