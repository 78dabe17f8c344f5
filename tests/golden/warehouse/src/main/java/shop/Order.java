package shop;

/** One order of a customer. */
public class Order {
    private int amount;

    /** How many pieces are ordered. */
    public int getAmount() {
        return amount;
    }

    /** Order more pieces. */
    public void addPieces(int pieces) {
        amount += pieces;
    }
}
