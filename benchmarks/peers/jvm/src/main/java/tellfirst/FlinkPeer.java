package tellfirst;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Flink over a stream: one task, memory on the heap, watermarks ten minutes behind. Argument: stream. */
public final class FlinkPeer {
    static byte[][] lines;
    static Set<String> found;
    static long begun;
    static long end;

    private FlinkPeer() { }

    public static void main(String[] arguments) throws Exception {
        Measured.measure(Path.of(arguments[0]), FlinkPeer::run);
    }

    /** The job's own start, before its first record, does not count. */
    private static long run(byte[][] stream, Set<String> results) throws Exception {
        lines = stream;
        found = ConcurrentHashMap.newKeySet();
        end = greatest(stream);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1);
        environment.getConfig().enableObjectReuse();
        DataGeneratorSource<byte[]> source = new DataGeneratorSource<>(
            FlinkPeer::line, stream.length, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
        environment.fromSource(source, WatermarkStrategy.noWatermarks(), "stream")
            .<OrderEvent>flatMap((raw, out) -> {
                OrderEvent event = Decode.event(raw);
                if (event != null) {
                    out.collect(event);
                }
            }).returns(TypeInformation.of(OrderEvent.class))
            .assignTimestampsAndWatermarks(WatermarkStrategy.<OrderEvent>forBoundedOutOfOrderness(Duration.ofMinutes(10))
                .withTimestampAssigner((event, other) -> event.time))
            .keyBy(event -> event.orderId)
            .process(new ThreeRules())
            .sinkTo(new DiscardingSink<>());
        environment.execute();
        long spent = Measured.cpu() - begun;
        results.addAll(found);
        return spent;
    }

    private static byte[] line(long index) {
        if (index == 0) {
            begun = Measured.cpu();
        }
        return lines[(int) index];
    }

    private static long greatest(byte[][] stream) {
        long greatest = 0;
        for (byte[] line : stream) {
            OrderEvent event = Decode.event(line);
            greatest = event == null ? greatest : Math.max(greatest, event.time);
        }
        return greatest;
    }
}
