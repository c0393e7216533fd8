package io.vertebra.vm.btf;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes maps and lists of what it is told, as {@link BtfValues} describes them. */
final class BtfTree implements BtfVisitor<RuntimeException> {

    /** Takes what comes next into the value that it belongs to. */
    private sealed interface Open {

        record Struct(Map<String, Object> members) implements Open {}

        record Array(List<Object> elements) implements Open {}
    }

    private final Deque<Open> open = new ArrayDeque<>();
    private Object root;
    private String member;

    /** The value, when all of it was told. */
    Object value() {
        return root;
    }

    @Override
    public void beginStruct() {
        var members = new LinkedHashMap<String, Object>();
        add(members);
        open.push(new Open.Struct(members));
    }

    @Override
    public void member(String name) {
        member = name;
    }

    @Override
    public void endStruct() {
        open.pop();
    }

    @Override
    public void beginArray() {
        var elements = new ArrayList<>();
        add(elements);
        open.push(new Open.Array(elements));
    }

    @Override
    public void endArray() {
        open.pop();
    }

    @Override
    public void integer(long value) {
        add(value);
    }

    @Override
    public void integer(BigInteger value) {
        add(value);
    }

    @Override
    public void floating(float value) {
        add(value);
    }

    @Override
    public void floating(double value) {
        add(value);
    }

    @Override
    public void bool(boolean value) {
        add(value);
    }

    @Override
    public void text(String value) {
        add(value);
    }

    private void add(Object value) {
        switch (open.peek()) {
            case Open.Struct(var members) -> members.put(member, value);
            case Open.Array(var elements) -> elements.add(value);
            case null -> root = value;
        }
    }
}
