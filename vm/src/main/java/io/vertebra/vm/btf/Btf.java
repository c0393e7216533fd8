package io.vertebra.vm.btf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The types of one object file, by id. Immutable and thread-safe.
 *
 * <p>Ids of a well-formed table are checked by {@link BtfReader}; asking for any other id is a programming error and
 * throws {@link IndexOutOfBoundsException}.
 */
public final class Btf {

    /** No types but {@code void}. */
    public static final Btf EMPTY = new Btf(List.of(new BtfType.Void()));

    /** Bytes of an eBPF pointer. */
    private static final int POINTER_SIZE = 8;

    private final List<BtfType> types;
    private final int[]
            resolved; // by id, 0 for not asked yet: each reader of records asks for the same few again and again

    /** A table whose element 0 is {@code void} and whose references are valid and free of by-value cycles. */
    public Btf(List<BtfType> types) {
        this.types = List.copyOf(types);
        this.resolved = new int[types.size()];
    }

    /** All types; the index is the id. */
    public List<BtfType> types() {
        return types;
    }

    /** The type with an id. */
    public BtfType type(int id) {
        return types.get(id);
    }

    /** The id after removing typedefs and modifiers. */
    public int resolve(int id) {
        int known = resolved[id];
        if (known == 0) {
            known = switch (type(id)) {
                case BtfType.Typedef t -> resolve(t.target());
                case BtfType.Modifier m -> resolve(m.target());
                default -> id;
            };
            resolved[id] = known;
        }
        return known;
    }

    /** The type after removing typedefs and modifiers. */
    public BtfType resolved(int id) {
        return type(resolve(id));
    }

    /** Bytes that a value of the type takes; 0 for {@code void}, functions and forward declarations. */
    public long sizeOf(int id) {
        return switch (resolved(id)) {
            case BtfType.Int t -> t.size();
            case BtfType.Pointer _ -> POINTER_SIZE;
            case BtfType.Array t -> t.count() * sizeOf(t.element());
            case BtfType.Struct t -> t.size();
            case BtfType.Enum t -> t.size();
            case BtfType.Float t -> t.size();
            case BtfType.DataSection t -> t.size();
            case BtfType.Variable t -> sizeOf(t.type());
            case BtfType.Void _,
                    BtfType.Forward _,
                    BtfType.Function _,
                    BtfType.Prototype _,
                    BtfType.DeclTag _,
                    BtfType.Typedef _,
                    BtfType.Modifier _ -> 0;
        };
    }

    /** The id of the first type of a kind with a name. */
    public Optional<Integer> find(Class<? extends BtfType> kind, String name) {
        for (int id = 1; id < types.size(); id++) {
            if (kind.isInstance(types.get(id)) && types.get(id).name().equals(name)) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    /**
     * The first complete type that C names so.
     *
     * @param name {@code struct NAME}, {@code union NAME}, or {@code NAME} of a typedef
     */
    public Optional<Integer> named(String name) {
        var words = name.split(" ", 2);
        for (int id = 1; id < types.size(); id++) {
            boolean fits = switch (types.get(id)) {
                case BtfType.Struct s when words.length > 1 -> words[0].equals(s.union() ? "union" : "struct");
                case BtfType.Typedef _ -> words.length == 1;
                default -> false;
            };
            if (fits && types.get(id).name().equals(words[words.length - 1]) && sizeOf(id) > 0) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    /**
     * The members as C names them: those of anonymous structs and unions inside are among the others.
     *
     * @return with their places counted from the start of the outer struct, in the order of their declaration
     */
    public List<BtfType.Member> members(BtfType.Struct struct) {
        var members = new ArrayList<BtfType.Member>();
        collect(struct, 0, members);
        return members;
    }

    private void collect(BtfType.Struct struct, int bits, List<BtfType.Member> into) {
        for (var member : struct.members()) {
            int at = bits + member.bitOffset();
            if (!member.name().isEmpty()) {
                into.add(new BtfType.Member(member.name(), member.type(), at, member.bitSize()));
            } else if (resolved(member.type()) instanceof BtfType.Struct anonymous) {
                collect(anonymous, at, into);
            }
        }
    }

    /** One of {@link #members}; empty when there is none of the name. */
    public Optional<BtfType.Member> member(BtfType.Struct struct, String name) {
        return members(struct).stream()
                .filter(member -> member.name().equals(name))
                .findFirst();
    }
}
