package tellfirst;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;

/** The bytes of a CloudEvent come in, an OrderEvent goes out; null for what is none. Jackson's streaming parser, in one pass. */
public final class Decode implements Serializable {
    private static final JsonFactory JSON = new JsonFactory();

    private Decode() { }

    public static OrderEvent event(byte[] raw) {
        try (JsonParser parser = JSON.createParser(raw)) {
            OrderEvent event = new OrderEvent();
            object(parser, parser.nextToken(), event);
            return event.id == null || event.time == 0 || event.orderId == null ? null : event;
        } catch (IOException | DateTimeException | IllegalStateException wrong) {
            return null;
        }
    }

    private static void object(JsonParser parser, JsonToken first, OrderEvent event) throws IOException {
        if (first != JsonToken.START_OBJECT) {
            throw new IllegalStateException("no object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("data")) {
                object(parser, token, event);
            } else {
                field(parser, name, event);
            }
        }
    }

    private static void field(JsonParser parser, String name, OrderEvent event) throws IOException {
        switch (name) {
            case "id" -> event.id = parser.getText();
            case "type" -> event.type = parser.getText();
            case "time" -> event.time = Instant.parse(parser.getText()).toEpochMilli();
            case "order_id" -> event.orderId = parser.getText();
            case "amount" -> event.amount = parser.getDoubleValue();
            case "items" -> event.items = parser.getIntValue();
            case "country" -> event.country = parser.getText();
            case "tries" -> event.tries = parser.getIntValue();
            case "place" -> event.place = parser.getText();
            case "weight" -> event.weight = parser.getDoubleValue();
            case "chance_late" -> event.chanceLate = parser.getDoubleValue();
            case "promised_at" -> event.promised = Instant.parse(parser.getText()).toEpochMilli();
            case "outcome" -> event.outcome = parser.getText();
            default -> parser.skipChildren();
        }
    }
}
