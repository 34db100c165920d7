package tellfirst;

import com.espertech.esper.common.client.EPCompiled;
import com.espertech.esper.common.client.configuration.Configuration;
import com.espertech.esper.compiler.client.CompilerArguments;
import com.espertech.esper.compiler.client.EPCompilerProvider;
import com.espertech.esper.runtime.client.EPEventService;
import com.espertech.esper.runtime.client.EPRuntime;
import com.espertech.esper.runtime.client.EPRuntimeProvider;
import com.espertech.esper.runtime.client.EPStatement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Esper over a stream: its clock is the greatest event time so far; the rules are a file of EPL. Arguments: stream, EPL. */
public final class EsperPeer {
    private static final Map<String, String> TYPES = types();
    private static int runs;

    private EsperPeer() { }

    public static void main(String[] arguments) throws Exception {
        Configuration configuration = new Configuration();
        TYPES.values().forEach(name -> configuration.getCommon().addEventType(name, OrderEvent.class));
        configuration.getRuntime().getThreading().setInternalTimerEnabled(false);
        String rules = Files.readString(Path.of(arguments[1]));
        EPCompiled compiled = EPCompilerProvider.getCompiler().compile(rules, new CompilerArguments(configuration));
        Measured.measure(Path.of(arguments[0]), (lines, found) -> run(configuration, compiled, lines, found));
    }

    private static long run(Configuration configuration, EPCompiled rules, byte[][] lines, Set<String> found) throws Exception {
        EPRuntime runtime = EPRuntimeProvider.getRuntime("run" + runs++, configuration);
        EPEventService events = runtime.getEventService();
        events.advanceTime(first(lines));
        for (EPStatement statement : runtime.getDeploymentService().deploy(rules).getStatements()) {
            listen(statement, found);
        }
        long before = Measured.cpu();
        long now = 0;
        for (byte[] line : lines) {
            OrderEvent event = Decode.event(line);
            if (event != null) {
                if (event.time > now) {
                    now = event.time;
                    events.advanceTime(now);
                }
                events.sendEventBean(event, TYPES.get(event.type));
            }
        }
        long spent = Measured.cpu() - before;
        runtime.destroy();
        return spent;
    }

    private static long first(byte[][] lines) {
        return Decode.event(lines[0]).time;
    }

    private static void listen(EPStatement statement, Set<String> found) {
        String rule = statement.getName();
        if (!rule.startsWith("stmt")) {
            statement.addListener((news, olds, from, runtime) -> {
                for (int each = 0; news != null && each < news.length; each++) {
                    found.add(Measured.pair(rule, (String) news[each].get("orderId")));
                }
            });
        }
    }

    private static Map<String, String> types() {
        Map<String, String> types = new HashMap<>();
        types.put("order.placed", "Placed");
        types.put("order.confirmed", "Confirmed");
        types.put("order.handed_over", "HandedOver");
        types.put("order.completed", "Completed");
        types.put("payment.failed", "Failed");
        types.put("payment.succeeded", "Paid");
        types.put("charge.made", "Charged");
        types.put("parcel.scanned", "Scanned");
        types.put("delivery.promised", "Promised");
        types.put("delivery.eta", "Expected");
        types.put("delivery.attempted", "Attempted");
        return types;
    }
}
