package io.vertebra.connectors.log;

import io.vertebra.config.LogSettings;
import io.vertebra.connectors.format.StreamEvents;
import io.vertebra.connectors.spi.Attempt;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.connectors.spi.ConnectorThread;
import io.vertebra.connectors.spi.DurableConnector;
import io.vertebra.connectors.spi.LossLog;
import io.vertebra.connectors.spi.SendResult;
import io.vertebra.connectors.spi.WriteResult;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes records as lines of JSON, a batch at a time: whole, or not at all. Delivered means that the operating system has
 * them: they survive the process, not a loss of power. Records that are delivered at least once wait in the spool while
 * the file cannot be written.
 */
final class LogConnector implements DurableConnector {

    private final LogSettings settings;
    private final ConnectorThread thread;
    private final LossLog losses;
    private final StreamEvents events; // of the thread
    private final StreamEvents spooled; // of the spool's thread
    private LineTarget target; // of the thread

    LogConnector(ConnectorContext context, LogSettings settings) {
        this.settings = settings;
        this.thread = new ConnectorThread(context.name());
        this.losses = new LossLog(context.name());
        this.events = new StreamEvents(context);
        this.spooled = new StreamEvents(context);
    }

    @Override
    public Future<Void> start() {
        Future<Void> opened = thread.call(this::open);
        return opened.onFailure(_ -> thread.end());
    }

    private Void open() {
        target = settings.file().isEmpty()
                ? new LineTarget.Standard(
                        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8))
                : file();
        return null;
    }

    private LineTarget file() {
        var file = settings.file().orElseThrow();
        try {
            return new RotatedFile(file, settings.maxBytes(), settings.keep());
        } catch (IOException e) {
            throw new ConnectorException("log: file `" + file + "`: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "its folder does not exist";
            case AccessDeniedException _ -> "it may not be written";
            default -> e.getMessage();
        };
    }

    @Override
    public Future<WriteResult> write(OutputBatch batch) {
        return thread.call(() -> {
            try {
                target.write(joined(lines(events, batch)));
                return WriteResult.delivered(batch.size());
            } catch (IOException e) {
                losses.lost(batch.size(), e);
                return new WriteResult(0, batch.size());
            }
        });
    }

    @Override
    public List<byte[]> encode(OutputBatch batch) {
        return lines(spooled, batch);
    }

    @Override
    public Future<SendResult> send(Attempt attempt, List<byte[]> records) {
        return thread.call(() -> {
            if (attempt.failed()) {
                return SendResult.again(records.size());
            }
            try {
                target.write(joined(records));
                return SendResult.delivered(records.size());
            } catch (IOException e) {
                attempt.fail();
                losses.delayed(records.size(), e);
                return SendResult.again(records.size());
            }
        });
    }

    private static List<byte[]> lines(StreamEvents events, OutputBatch batch) {
        var event = events.of(batch.stream());
        List<byte[]> lines = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            lines.add(event.event(batch, i).toBuffer().appendByte((byte) '\n').getBytes());
        }
        return lines;
    }

    private static byte[] joined(List<byte[]> lines) {
        var joined = new ByteArrayOutputStream();
        lines.forEach(joined::writeBytes);
        return joined.toByteArray();
    }

    @Override
    public Future<Void> stop(Duration grace) {
        Future<Void> stopped = thread.call(() -> {
            target.close();
            return null;
        });
        thread.end();
        return stopped;
    }
}
