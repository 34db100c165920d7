package tellfirst;

import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** The three rules for one order, in keyed state and with a timer by event time. */
final class ThreeRules extends KeyedProcessFunction<String, OrderEvent, String> {
    private static final long DAY = 24 * 3_600_000L;

    private transient ValueState<Long> expectedAt;
    private transient MapState<String, Long> failures;
    private transient ValueState<Long> newestFailure;
    private transient ValueState<Long> dueAt;
    private transient ValueState<Boolean> handedOver;

    @Override
    public void open(OpenContext context) {
        expectedAt = getRuntimeContext().getState(new ValueStateDescriptor<>("expectedAt", Long.class));
        failures = getRuntimeContext().getMapState(new MapStateDescriptor<>("failures", String.class, Long.class));
        newestFailure = getRuntimeContext().getState(new ValueStateDescriptor<>("newestFailure", Long.class));
        dueAt = getRuntimeContext().getState(new ValueStateDescriptor<>("dueAt", Long.class));
        handedOver = getRuntimeContext().getState(new ValueStateDescriptor<>("handedOver", Boolean.class));
    }

    @Override
    public void processElement(OrderEvent event, Context context, Collector<String> out) throws Exception {
        switch (event.type) {
            case "delivery.eta" -> expected(event, out);
            case "payment.failed" -> failed(event, out);
            case "order.placed" -> placed(event, context);
            case "order.handed_over" -> handedOver(event);
            default -> { }
        }
    }

    private void expected(OrderEvent event, Collector<String> out) throws Exception {
        Long newest = expectedAt.value();
        if (newest == null || event.time >= newest) {
            expectedAt.update(event.time);
            if (event.chanceLate >= 0.9) {
                find("likely-late", event.orderId, out);
            }
        }
    }

    private void failed(OrderEvent event, Collector<String> out) throws Exception {
        failures.put(event.id, event.time);
        Long known = newestFailure.value();
        long newest = known == null ? event.time : Math.max(known, event.time);
        newestFailure.update(newest);
        int within = 0;
        for (Map.Entry<String, Long> failure : failures.entries()) {
            within += failure.getValue() > newest - DAY ? 1 : 0;
        }
        if (within >= 3) {
            find("payments-fail", event.orderId, out);
        }
    }

    private void placed(OrderEvent event, Context context) throws Exception {
        if (dueAt.value() == null) {
            dueAt.update(event.time + DAY);
            context.timerService().registerEventTimeTimer(event.time + DAY);
        }
    }

    private void handedOver(OrderEvent event) throws Exception {
        Long due = dueAt.value();
        if (due == null || event.time <= due) {
            handedOver.update(true);
        }
    }

    /** At the end of the stream Flink fires every timer; those that are due later are not judged. */
    @Override
    public void onTimer(long due, OnTimerContext context, Collector<String> out) throws Exception {
        if (handedOver.value() == null && due <= FlinkPeer.end) {
            find("not-handed-over", context.getCurrentKey(), out);
        }
    }

    private void find(String rule, String key, Collector<String> out) {
        FlinkPeer.found.add(Measured.pair(rule, key));
        out.collect(rule);
    }
}
