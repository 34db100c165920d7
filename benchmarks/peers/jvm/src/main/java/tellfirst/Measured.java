package tellfirst;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads a stream, runs a peer over it until it is warm, then once more; prints the CPU time of the whole process and what it found. */
final class Measured {
    private static final int LEAST_PASSES = 3;
    private static final int LEAST_EVENTS = 300_000;

    /** What a peer does with a stream, from an empty state on; what it found goes to `found` as rule and key. */
    interface Peer {
        /** Returns the nanoseconds of CPU that the process took. */
        long run(byte[][] lines, Set<String> found) throws Exception;
    }

    private Measured() { }

    static void measure(Path stream, Peer peer) throws Exception {
        byte[][] lines = lines(stream);
        for (int pass = 0; pass < LEAST_PASSES || pass * lines.length < LEAST_EVENTS; pass++) {
            peer.run(lines, new TreeSet<>());
        }
        System.gc();
        Set<String> found = new TreeSet<>();
        long cpu = peer.run(lines, found);
        System.out.println("{\"events\": " + lines.length + ", \"cpu_ns\": " + cpu + ", \"found\": [" + String.join(", ", found) + "]}");
    }

    static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    static String pair(String rule, String key) {
        return "[\"" + rule + "\", \"" + key + "\"]";
    }

    private static byte[][] lines(Path stream) throws IOException {
        byte[] all = Files.readAllBytes(stream);
        List<byte[]> lines = new ArrayList<>();
        for (int begin = 0, at = 0; at < all.length; at++) {
            if (all[at] == '\n') {
                lines.add(java.util.Arrays.copyOfRange(all, begin, at));
                begin = at + 1;
            }
        }
        return lines.toArray(byte[][]::new);
    }
}
