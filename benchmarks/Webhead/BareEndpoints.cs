using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MySqlConnector;

namespace SyncStorage.WebheadLoad;

/// <summary>
/// The limit: Kestrel and MySqlConnector with nothing between them. One statement a request, one JSON answer; no routing, no
/// authentication, no protocol.
/// </summary>
internal static class BareEndpoints
{
    public const string DatabaseVariable = "BARE_DATABASE";

    public static async Task RunAsync(string address, string port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(address), int.Parse(port, CultureInfo.InvariantCulture),
                listener => listener.Protocols = HttpProtocols.Http1);
        });
        await using var source = new MySqlDataSource(Environment.GetEnvironmentVariable(DatabaseVariable)!);
        await using var app = builder.Build();
        app.Run(http => http.Request.Path.Value!.Split('/') switch
        {
            ["", "one", var uid, var id] => ReadAsync(http, source, "AND id = @id", uid, id),
            ["", "hundred", var uid] => ReadAsync(http, source, "ORDER BY modified DESC", uid, ""),
            ["", "update", var uid, var id] => UpdateAsync(http, source, uid, id),
            _ => throw new InvalidOperationException($"There is no {http.Request.Path}."),
        });
        await app.RunAsync();
    }

    private static async Task ReadAsync(HttpContext http, MySqlDataSource source, string which, string uid, string id)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        await using (var connection = await source.OpenConnectionAsync())
        {
            await using var select = new MySqlCommand(
                $"SELECT id, modified, payload FROM bso WHERE userid = @uid AND collection = 7 {which}", connection);
            AddKey(select, uid, id);
            await using var reader = await select.ExecuteReaderAsync();
            using var writer = new Utf8JsonWriter(buffer);
            writer.WriteStartArray();
            while (await reader.ReadAsync())
            {
                writer.WriteStartObject();
                writer.WriteString("id", reader.GetFieldValue<byte[]>(0));
                writer.WriteNumber("modified", reader.GetInt64(1));
                writer.WriteString("payload", reader.GetString(2));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        await AnswerAsync(http, buffer.WrittenMemory);
    }

    private static async Task UpdateAsync(HttpContext http, MySqlDataSource source, string uid, string id)
    {
        using var body = new StreamReader(http.Request.Body);
        var payload = await body.ReadToEndAsync();
        var modified = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await using (var connection = await source.OpenConnectionAsync())
        {
            await using var update = new MySqlCommand(
                "UPDATE bso SET payload = @payload, modified = @modified WHERE userid = @uid AND collection = 7 AND id = @id", connection);
            AddKey(update, uid, id);
            update.Parameters.AddWithValue("@payload", payload);
            update.Parameters.AddWithValue("@modified", modified);
            await update.ExecuteNonQueryAsync();
        }

        await AnswerAsync(http, Encoding.ASCII.GetBytes(modified.ToString(CultureInfo.InvariantCulture)));
    }

    private static void AddKey(MySqlCommand command, string uid, string id)
    {
        command.Parameters.AddWithValue("@uid", long.Parse(uid, CultureInfo.InvariantCulture));
        command.Parameters.AddWithValue("@id", Encoding.ASCII.GetBytes(id));
    }

    private static async Task AnswerAsync(HttpContext http, ReadOnlyMemory<byte> json)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json);
    }
}
