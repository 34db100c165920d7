package tellfirst;

/** One event of an order, with the fields that some rule reads; times in milliseconds since 1970. */
public class OrderEvent {
    public String id;
    public String type;
    public String orderId;
    public long time;
    public double amount;
    public int items;
    public String country;
    public int tries;
    public String place;
    public double weight;
    public double chanceLate;
    public long promised;
    public String outcome;

    public String getId() { return id; }
    public String getType() { return type; }
    public String getOrderId() { return orderId; }
    public long getTime() { return time; }
    public double getAmount() { return amount; }
    public int getItems() { return items; }
    public String getCountry() { return country; }
    public int getTries() { return tries; }
    public String getPlace() { return place; }
    public double getWeight() { return weight; }
    public double getChanceLate() { return chanceLate; }
    public long getPromised() { return promised; }
    public long getTightFrom() { return promised - 24 * 3_600_000L; }
    public String getOutcome() { return outcome; }
}
