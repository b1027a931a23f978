import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The quickstart from Java by JNA: plan, seal, draw, verify. Prints the digest of the record and the verdict.
 *
 * <pre>
 * javac -cp /usr/share/java/jna.jar -d out Quickstart.java
 * java -cp /usr/share/java/jna.jar:out -Djna.library.path=../../../target/release Quickstart ../../data
 * </pre>
 *
 * It uses no JSON library: a document in a response is a JSON string, and goes into the next request as it stands. A platform uses Jackson or
 * what it has: {@code ok.get("seal").asText()} out, {@code put("seal", text)} in.
 */
public final class Quickstart {
    /** The C interface; see double_random.h. */
    public interface DoubleRandom extends Library {
        DoubleRandom LIBRARY = Native.load("double_random", DoubleRandom.class);

        Pointer double_random_call(byte[] step, byte[] request);

        void double_random_free(Pointer response);
    }

    /** UTF-8 and a zero byte: JNA's own encoding of strings depends on the machine. */
    private static byte[] text(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /** Makes one step. Any thread may call. */
    static String call(String step, String request) {
        Pointer response = DoubleRandom.LIBRARY.double_random_call(text(step), text(request));
        try {
            String json = response.getString(0, "UTF-8");
            if (!json.startsWith("{\"ok\":")) {
                throw new IllegalStateException(step + ": " + json);
            }
            return json;
        } finally {
            DoubleRandom.LIBRARY.double_random_free(response);
        }
    }

    /** The string of a field, with its quotation marks. */
    static String field(String response, String name) {
        int key = response.indexOf("\"" + name + "\":\"");
        if (key < 0) {
            throw new IllegalStateException("no field " + name);
        }
        int start = key + name.length() + 3;
        int end = start + 1;
        while (response.charAt(end) != '"') {
            end += response.charAt(end) == '\\' ? 2 : 1;
        }
        return response.substring(start, end + 1);
    }

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        String inputs = "{\"policy\":" + Files.readString(data.resolve("quickstart_policy.json"))
            + ",\"units\":" + Files.readString(data.resolve("quickstart_units.json"))
            + ",\"officers\":" + Files.readString(data.resolve("quickstart_officers.json")) + "}";
        String beacon = "[{\"source\":\"dice\",\"value\":\"8270160495813379045618264079135506271948\"}]";

        call("plan", "{\"inputs\":" + inputs + "}");

        // In earnest: 32 bytes of SecureRandom, new for every draw.
        String sealed = call("seal", "{\"inputs\":" + inputs + ",\"terms\":{\"sequence\":1,\"attempt\":1,"
            + "\"sealed_at\":\"2026-11-20T08:00:00Z\",\"previous\":\"" + "0".repeat(64) + "\",\"salt_key\":\"" + "07".repeat(32) + "\"}}");
        StringBuilder kept = new StringBuilder("{");
        for (String name : new String[] {"digest", "seal", "policy", "frame", "roster", "cycle"}) {
            kept.append(kept.length() > 1 ? "," : "").append("\"" + name + "\":").append(field(sealed, name));
        }

        // On the next day, when the value of the source is known.
        String drawn = call("draw", "{\"sealed\":" + kept + "},\"beacon\":" + beacon + "}");
        String verified = call("verify", "{\"record\":" + field(drawn, "record") + ",\"evidence\":{\"seal\":" + field(sealed, "seal")
            + ",\"beacon\":" + beacon + "}}");
        System.out.println(field(drawn, "digest").replace("\"", "") + " " + field(verified, "verdict").replace("\"", ""));
    }
}
