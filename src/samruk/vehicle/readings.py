"""The aircraft's own picture as the fields of MAVLink messages; each function makes one message.

Numbers here are in MAVLink's units. What the aircraft does not measure is said to be unknown, never made up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from samruk import earth
from samruk.aircraft.fuels import GRADES
from samruk.autopilot.checks import ALIGNMENT_TIME
from samruk.frames import Vec3
from samruk.messages import Mode
from samruk.units import DEGREE, ZERO_CELSIUS
from samruk.vehicle import modes
from samruk.vehicle.aircraft import GROUND_MODES, Aircraft
from samruk.vehicle.picture import Picture
from samruk.vehicle.service import Now
from samruk.vehicle.target import away, target_of

Fields = dict[str, Any]
NAN = float("nan")
UNKNOWN_16 = 0xFFFF
DENSITY = GRADES["jet-a1"].density
"""kg/m^3: FUEL_STATUS and EFI_STATUS want volumes; fuel is gauged by mass aboard."""

GYRO, ACCELEROMETER, MAGNETOMETER, STATIC, PITOT, GNSS = 0x1, 0x2, 0x4, 0x8, 0x10, 0x20
CONTROL = 0x400 | 0x800 | 0x1000 | 0x2000 | 0x4000 | 0x8000
"""Rate, attitude, yaw, altitude, position control, motor output."""
ATTITUDE_REFERENCE, LOGGING, BATTERY, PRE_ARM = 0x200000, 0x1000000, 0x2000000, 0x10000000
"""Bits of MAV_SYS_STATUS_SENSOR."""


def capabilities() -> int:
    """MAV_PROTOCOL_CAPABILITY bits: mission int, command int, parameters bytewise, FTP, flight termination, MAVLink 2,
    fence, rally."""
    mission_int, command_int, encode_bytewise, ftp, termination = 4, 8, 16, 32, 2048
    mavlink2, fence, rally = 8192, 16384, 32768
    return mission_int | command_int | encode_bytewise | ftp | termination | mavlink2 | fence | rally


def degrees_e7(angle: float) -> int:
    """rad as 1e-7 degrees."""
    return round(angle / DEGREE * 1e7)


def whole(value: float, low: int, high: int) -> int:
    """Rounded, within what the field can hold."""
    return max(low, min(high, round(value))) if math.isfinite(value) else high


def short(value: float) -> int:
    """An int16."""
    return whole(value, -32768, 32767)


def compass(angle: float) -> float:
    """rad as degrees from 0 to 360."""
    return (angle / DEGREE) % 360.0


def heartbeat(a: Aircraft, p: Picture, now: Now) -> Fields:
    """HEARTBEAT, in PX4's packing."""
    custom, armed, stabilised, guided, automatic = 1, 128, 16, 8, 4
    shown = modes.shown(p, a.board.get("selected"))
    base = custom | stabilised | guided | automatic | (armed if a.armed else 0)
    return {
        "type": modes.FIXED_WING, "autopilot": modes.PX4, "base_mode": base, "custom_mode": shown.custom_mode,
        "system_status": system_status(a, p), "mavlink_version": 3,
    }  # fmt: skip


def system_status(a: Aircraft, p: Picture) -> int:
    """MAV_STATE."""
    standby, active, critical, emergency = 3, 4, 5, 6
    if p.landed and not a.armed:
        return standby
    if p.mode == Mode.GLIDE or (not p.landed and not p.engine_running):
        return emergency
    return critical if p.mode in (Mode.ESCAPE, Mode.LOST_LINK) else active


def sys_status(a: Aircraft, p: Picture, now: Now) -> Fields:
    """SYS_STATUS."""
    present = GYRO | ACCELEROMETER | MAGNETOMETER | STATIC | PITOT | GNSS | CONTROL | ATTITUDE_REFERENCE | LOGGING
    present |= BATTERY | PRE_ARM
    sick = 0 if p.outage < 3.0 else GNSS
    sick |= 0 if p.estimate.airspeed_valid else PITOT
    sick |= 0 if a.board.get("ready", False) else PRE_ARM
    sick |= BATTERY if p.measurement.battery_drain > 0.0 and not p.landed else 0
    return {
        "onboard_control_sensors_present": present, "onboard_control_sensors_enabled": present,
        "onboard_control_sensors_health": present & ~sick, "load": int(a.board.get("load", 0)),
        "voltage_battery": UNKNOWN_16, "current_battery": -1, "battery_remaining": -1, "drop_rate_comm": 0,
        "errors_comm": 0, "errors_count1": 0,
        "errors_count2": 0, "errors_count3": 0, "errors_count4": 0,
    }  # fmt: skip


def extended_sys_state(a: Aircraft, p: Picture, now: Now) -> Fields:
    """EXTENDED_SYS_STATE."""
    on_ground, in_air, take_off, landing = 1, 2, 3, 4
    state = on_ground if p.landed else in_air
    if p.mode == Mode.TAKE_OFF:
        state = take_off
    elif not p.landed and p.mode in (Mode.APPROACH, Mode.FLARE, Mode.ROLL_OUT):
        state = landing
    return {"vtol_state": 0, "landed_state": state}


def gps_raw_int(a: Aircraft, p: Picture, now: Now) -> Fields:
    """GPS_RAW_INT: the receiver's own place; satellites are not counted by the model, hence unknown (255)."""
    m = p.measurement
    latitude, longitude, height = geodetic(m.r_be_e)
    speed = math.hypot(p.estimate.v_n.x, p.estimate.v_n.y)
    sigma = a.live.handbook(a.k).errors
    return {
        "time_usec": now.utc_us, "fix_type": 3 if p.outage < 3.0 else 1, "lat": degrees_e7(latitude),
        "lon": degrees_e7(longitude), "alt": round(1000.0 * height), "eph": UNKNOWN_16, "epv": UNKNOWN_16,
        "vel": whole(100.0 * speed, 0, 65534), "cog": whole(100.0 * compass(p.course), 0, 35999),
        "satellites_visible": 255, "alt_ellipsoid": round(1000.0 * height),
        "h_acc": round(1000.0 * float(sigma.gnss_position)), "v_acc": round(1500.0 * float(sigma.gnss_position)),
        "vel_acc": round(1000.0 * float(sigma.gnss_velocity)), "hdg_acc": 0, "yaw": 0,
    }  # fmt: skip


def geodetic(r_e: Vec3) -> tuple[float, float, float]:
    """Latitude, longitude (rad) and height (m) of a place in ECEF; Bowring's formula, within 1 mm below 10 km."""
    a, f = 6378137.0, 1.0 / 298.257223563
    b, e2 = a * (1.0 - f), f * (2.0 - f)
    across = math.hypot(r_e.x, r_e.y)
    theta = math.atan2(r_e.z * a, across * b)
    latitude = math.atan2(
        r_e.z + e2 / (1.0 - e2) * b * math.sin(theta) ** 3, across - e2 * a * math.cos(theta) ** 3
    )
    normal = a / math.sqrt(1.0 - e2 * math.sin(latitude) ** 2)
    height = across * math.cos(latitude) + r_e.z * math.sin(latitude) - a * a / normal
    return latitude, math.atan2(r_e.y, r_e.x), height


def global_position_int(a: Aircraft, p: Picture, now: Now) -> Fields:
    """GLOBAL_POSITION_INT."""
    e = p.estimate
    return {
        "time_boot_ms": now.boot_ms, "lat": degrees_e7(e.latitude), "lon": degrees_e7(e.longitude),
        "alt": round(1000.0 * e.altitude_msl), "relative_alt": round(1000.0 * (e.altitude_msl - a.home.elevation)),
        "vx": short(100.0 * e.v_n.x), "vy": short(100.0 * e.v_n.y), "vz": short(100.0 * e.v_n.z),
        "hdg": whole(100.0 * compass(e.psi), 0, 35999),
    }  # fmt: skip


def local_position_ned(a: Aircraft, p: Picture, now: Now) -> Fields:
    """LOCAL_POSITION_NED, from the home threshold over the great circle."""
    e, home = p.estimate, a.home
    distance, bearing = away(home.latitude, home.longitude, e.latitude, e.longitude)
    return {
        "time_boot_ms": now.boot_ms, "x": distance * math.cos(bearing), "y": distance * math.sin(bearing),
        "z": home.elevation - e.altitude_msl, "vx": e.v_n.x, "vy": e.v_n.y, "vz": e.v_n.z,
    }  # fmt: skip


def attitude(a: Aircraft, p: Picture, now: Now) -> Fields:
    """ATTITUDE."""
    e = p.estimate
    return {
        "time_boot_ms": now.boot_ms, "roll": e.phi, "pitch": e.theta, "yaw": math.remainder(e.psi, 2.0 * math.pi),
        "rollspeed": e.omega_b.x, "pitchspeed": e.omega_b.y, "yawspeed": e.omega_b.z,
    }  # fmt: skip


def attitude_quaternion(a: Aircraft, p: Picture, now: Now) -> Fields:
    """ATTITUDE_QUATERNION, scalar first."""
    e = p.estimate
    q = (e.q_nb.w, e.q_nb.x, e.q_nb.y, e.q_nb.z)
    return {
        "time_boot_ms": now.boot_ms, "q1": q[0], "q2": q[1], "q3": q[2], "q4": q[3], "rollspeed": e.omega_b.x,
        "pitchspeed": e.omega_b.y, "yawspeed": e.omega_b.z, "repr_offset_q": [0.0] * 4,
    }  # fmt: skip


def vfr_hud(a: Aircraft, p: Picture, now: Now) -> Fields:
    """VFR_HUD; airspeed is calibrated."""
    return {
        "airspeed": p.estimate.airspeed_calibrated, "groundspeed": p.ground_speed, "alt": p.estimate.altitude_msl,
        "climb": p.climb_rate, "heading": round(compass(p.heading)) % 360,
        "throttle": whole(100.0 * p.command.delta_t, 0, 100),
    }  # fmt: skip


def altitude(a: Aircraft, p: Picture, now: Now) -> Fields:
    """ALTITUDE."""
    e = p.estimate
    above = e.altitude_msl - a.home.elevation
    return {
        "time_usec": now.utc_us, "altitude_monotonic": e.altitude_msl, "altitude_amsl": e.altitude_msl,
        "altitude_local": above, "altitude_relative": above, "altitude_terrain": e.height_agl,
        "bottom_clearance": e.height_agl,
    }  # fmt: skip


def battery_status(a: Aircraft, p: Picture, now: Now) -> Fields:
    """BATTERY_STATUS: temperature is measured; voltage, current and charge are not, and are said to be unknown."""
    return {
        "id": 0, "battery_function": 2, "type": 1,
        "temperature": short(100.0 * (p.measurement.battery_temperature - ZERO_CELSIUS)),
        "voltages": [UNKNOWN_16] * 10, "current_battery": -1, "current_consumed": -1, "energy_consumed": -1,
        "battery_remaining": -1, "time_remaining": 0, "charge_state": 0, "voltages_ext": [0] * 4, "mode": 0,
        "fault_bitmask": 0,
    }  # fmt: skip


def fuel_status(a: Aircraft, p: Picture, now: Now) -> Fields:
    """FUEL_STATUS in ml: the gauge's kg at the density of Jet A-1."""
    ml = 1e6 / DENSITY
    capacity = float(a.live.handbook(a.k).fuel_capacity)
    return {
        "id": 0, "maximum_fuel": capacity * ml,
        "consumed_fuel": (a.flight_plan.task.loading.fuel - p.measurement.fuel) * ml,
        "remaining_fuel": p.measurement.fuel * ml,
        "percent_remaining": whole(100.0 * p.measurement.fuel / capacity, 0, 100),
        "flow_rate": p.measurement.fuel_flow * ml, "temperature": p.measurement.fuel_temperature, "fuel_type": 1,
    }  # fmt: skip


def efi_status(a: Aircraft, p: Picture, now: Now) -> Fields:
    """EFI_STATUS: what the engine's controller tells."""
    m = p.measurement
    rated = float(a.live.handbook(a.k).drive.rated_power)
    return {
        "health": int(p.engine_running), "ecu_index": 0.0, "rpm": NAN,
        "fuel_consumed": (a.flight_plan.task.loading.fuel - m.fuel) * 1e6 / DENSITY,
        "fuel_flow": m.fuel_flow * 60.0 * 1e6 / DENSITY, "engine_load": 100.0 * m.shaft_power / rated,
        "throttle_position": 100.0 * p.command.delta_t, "spark_dwell_time": NAN,
        "barometric_pressure": m.static_pressure / 1000.0, "intake_manifold_pressure": NAN,
        "intake_manifold_temperature": NAN, "cylinder_head_temperature": m.engine_temperature - ZERO_CELSIUS,
        "ignition_timing": NAN, "injection_time": NAN, "exhaust_gas_temperature": NAN,
        "throttle_out": 100.0 * p.command.delta_t, "pt_compensation": NAN,
    }  # fmt: skip


def generator_status(a: Aircraft, p: Picture, now: Now) -> Fields:
    """GENERATOR_STATUS."""
    generating, off, overload = 1 << 3, 1 << 0, 1 << 8
    power = p.measurement.generator_load * float(a.live.handbook(a.k).drive.alternator_power)
    status = generating if p.engine_running else off
    status |= overload if p.measurement.generator_load > 1.0 else 0
    return {
        "status": status, "battery_current": NAN, "load_current": NAN, "power_generated": power, "bus_voltage": NAN,
        "bat_current_setpoint": NAN, "runtime": 0xFFFFFFFF, "time_until_maintenance": 0x7FFFFFFF,
        "generator_speed": UNKNOWN_16, "rectifier_temperature": 32767, "generator_temperature": 32767,
    }  # fmt: skip


def wind_cov(a: Aircraft, p: Picture, now: Now) -> Fields:
    """WIND_COV: the estimated wind, NED."""
    w = p.estimate.wind_n
    return {
        "time_usec": now.utc_us, "wind_x": w.x, "wind_y": w.y, "wind_z": w.z, "var_horiz": NAN, "var_vert": NAN,
        "wind_alt": p.estimate.altitude_msl, "horiz_accuracy": NAN, "vert_accuracy": NAN,
    }  # fmt: skip


def home_position(a: Aircraft, p: Picture, now: Now) -> Fields | None:
    """HOME_POSITION: the threshold of the home runway, its direction as the attitude; told once the aircraft knows
    where it is."""
    if p.time < ALIGNMENT_TIME:
        return None
    half = 0.5 * float(a.home.heading)
    return {
        "latitude": degrees_e7(a.home.latitude), "longitude": degrees_e7(a.home.longitude),
        "altitude": round(1000.0 * a.home.elevation), "x": 0.0, "y": 0.0, "z": 0.0,
        "q": [math.cos(half), 0.0, 0.0, math.sin(half)], "approach_x": NAN, "approach_y": NAN, "approach_z": NAN,
        "time_usec": now.utc_us,
    }  # fmt: skip


def estimator_status(a: Aircraft, p: Picture, now: Now) -> Fields:
    """ESTIMATOR_STATUS."""
    good = 1 | 2 | 4 | 8 | 16 | 32 | 64 | 256 | 512 if p.outage < 3.0 else 1 | 2 | 4 | 32 | 64 | 128
    return {
        "time_usec": now.utc_us, "flags": good, "vel_ratio": p.consistency, "pos_horiz_ratio": p.consistency,
        "pos_vert_ratio": NAN, "mag_ratio": NAN, "hagl_ratio": NAN,
        "tas_ratio": 0.0 if p.estimate.airspeed_valid else 2.0,
        "pos_horiz_accuracy": p.estimate.position_sigma, "pos_vert_accuracy": NAN,
    }  # fmt: skip


def scaled_pressure(a: Aircraft, p: Picture, now: Now) -> Fields:
    """SCALED_PRESSURE."""
    m = p.measurement
    return {
        "time_boot_ms": now.boot_ms, "press_abs": 0.01 * m.static_pressure, "press_diff": 0.01 * m.impact_pressure,
        "temperature": short(100.0 * (m.temperature - ZERO_CELSIUS)), "temperature_press_diff": 0,
    }  # fmt: skip


def highres_imu(a: Aircraft, p: Picture, now: Now) -> Fields:
    """HIGHRES_IMU: the inertial unit and the pressures; the compass gives a direction only, so it is left out."""
    f, w, m = p.inertial.f_b, p.inertial.omega_ib_b, p.measurement
    return {
        "time_usec": now.utc_us, "xacc": f.x, "yacc": f.y, "zacc": f.z, "xgyro": w.x, "ygyro": w.y, "zgyro": w.z,
        "xmag": NAN, "ymag": NAN, "zmag": NAN, "abs_pressure": 0.01 * m.static_pressure,
        "diff_pressure": 0.01 * m.impact_pressure, "pressure_alt": pressure_altitude(m.static_pressure),
        "temperature": m.temperature - ZERO_CELSIUS, "fields_updated": 0b1111000111111, "id": 0,
    }  # fmt: skip


def pressure_altitude(pressure: float) -> float:
    """m in the standard atmosphere; troposphere."""
    return float(earth.T0 / 0.0065 * (1.0 - (pressure / 101325.0) ** 0.190263))


def system_time(a: Aircraft, p: Picture, now: Now) -> Fields:
    """SYSTEM_TIME, simulated."""
    return {"time_unix_usec": now.utc_us, "time_boot_ms": now.boot_ms}


def current_mode(a: Aircraft, p: Picture, now: Now) -> Fields:
    """CURRENT_MODE."""
    shown = modes.shown(p, a.board.get("selected"))
    wanted = a.board.get("selected") or shown
    return {
        "standard_mode": int(shown.standard), "custom_mode": shown.custom_mode,
        "intended_custom_mode": wanted.custom_mode if p.mode in GROUND_MODES else shown.custom_mode,
    }  # fmt: skip


def autopilot_version(a: Aircraft, p: Picture, now: Now) -> Fields:
    """AUTOPILOT_VERSION."""
    return {
        "capabilities": capabilities(), "flight_sw_version": 1 << 24 | 255, "middleware_sw_version": 0,
        "os_sw_version": 0, "board_version": 0, "flight_custom_version": [0] * 8,
        "middleware_custom_version": [0] * 8, "os_custom_version": [0] * 8, "vendor_id": 0, "product_id": 0,
        "uid": a.system, "uid2": [a.system] + [0] * 17,
    }  # fmt: skip


def protocol_version(a: Aircraft, p: Picture, now: Now) -> Fields:
    """PROTOCOL_VERSION: MAVLink 2 only."""
    return {"version": 200, "min_version": 200, "max_version": 200, "spec_version_hash": [0] * 8,
            "library_version_hash": [0] * 8}  # fmt: skip


def high_latency2(a: Aircraft, p: Picture, now: Now) -> Fields:
    """HIGH_LATENCY2: all of it in 42 bytes."""
    e, aim, target = p.estimate, p.aim, target_of(a, p)
    shown = modes.shown(p, a.board.get("selected"))
    wind = math.hypot(e.wind_n.x, e.wind_n.y)
    failures = (1 if p.outage > 3.0 else 0) | (0 if e.airspeed_valid else 2) | (0 if p.engine_running else 128)
    return {
        "timestamp": now.boot_ms, "type": modes.FIXED_WING, "autopilot": modes.PX4,
        "custom_mode": shown.main | shown.sub << 8, "latitude": degrees_e7(e.latitude),
        "longitude": degrees_e7(e.longitude), "altitude": short(e.altitude_msl),
        "target_altitude": short(aim.altitude), "heading": round(compass(e.psi) / 2.0) % 180,
        "target_heading": round(compass(target.course) / 2.0) % 180,
        "target_distance": whole(target.distance / 10.0, 0, 65535),
        "throttle": whole(100.0 * p.command.delta_t, 0, 100),
        "airspeed": whole(5.0 * e.airspeed_calibrated, 0, 255), "airspeed_sp": whole(5.0 * aim.airspeed, 0, 255),
        "groundspeed": whole(5.0 * p.ground_speed, 0, 255), "windspeed": whole(5.0 * wind, 0, 255),
        "wind_heading": round(compass(math.atan2(-e.wind_n.y, -e.wind_n.x)) / 2.0) % 180, "eph": 255, "epv": 255,
        "temperature_air": whole(p.measurement.temperature - ZERO_CELSIUS, -127, 127),
        "climb_rate": whole(10.0 * p.climb_rate, -127, 127), "battery": -1,
        "wp_num": whole(float(a.board.get("current_item") or 0), 0, 65535), "failure_flags": failures,
        "custom0": whole(p.measurement.fuel / 4.0, -128, 127), "custom1": 0, "custom2": 0,
    }  # fmt: skip


def nav_controller_output(a: Aircraft, p: Picture, now: Now) -> Fields:
    """NAV_CONTROLLER_OUTPUT: what the autopilot aims at."""
    aim, e, target = p.aim, p.estimate, target_of(a, p)
    return {
        "nav_roll": aim.bank / DEGREE, "nav_pitch": p.wanted.theta / DEGREE,
        "nav_bearing": short(math.remainder(target.course, 2.0 * math.pi) / DEGREE),
        "target_bearing": short(math.remainder(target.course, 2.0 * math.pi) / DEGREE),
        "wp_dist": whole(target.distance, 0, 65535), "alt_error": aim.altitude - e.altitude_msl,
        "aspd_error": aim.airspeed - e.airspeed_calibrated, "xtrack_error": 0.0,
    }  # fmt: skip


def position_target(a: Aircraft, p: Picture, now: Now) -> Fields:
    """POSITION_TARGET_GLOBAL_INT: height and course aimed at; place and speed where the mask lets them through."""
    ignored = 0b0000_1011_1111_1011  # all but altitude and yaw
    return {
        "time_boot_ms": now.boot_ms, "coordinate_frame": 5, "type_mask": ignored, "lat_int": 0, "lon_int": 0,
        "alt": p.aim.altitude, "vx": 0.0, "vy": 0.0, "vz": 0.0, "afx": 0.0, "afy": 0.0, "afz": 0.0,
        "yaw": target_of(a, p).course, "yaw_rate": 0.0,
    }  # fmt: skip


MAKERS: dict[str, Callable[[Aircraft, Picture, Now], Fields | None]] = {
    "HEARTBEAT": heartbeat, "SYS_STATUS": sys_status, "EXTENDED_SYS_STATE": extended_sys_state,
    "GPS_RAW_INT": gps_raw_int, "GLOBAL_POSITION_INT": global_position_int, "LOCAL_POSITION_NED": local_position_ned,
    "ATTITUDE": attitude, "ATTITUDE_QUATERNION": attitude_quaternion, "VFR_HUD": vfr_hud, "ALTITUDE": altitude,
    "BATTERY_STATUS": battery_status, "FUEL_STATUS": fuel_status, "EFI_STATUS": efi_status,
    "GENERATOR_STATUS": generator_status, "WIND_COV": wind_cov, "HOME_POSITION": home_position,
    "ESTIMATOR_STATUS": estimator_status, "SCALED_PRESSURE": scaled_pressure, "HIGHRES_IMU": highres_imu,
    "SYSTEM_TIME": system_time, "CURRENT_MODE": current_mode, "AUTOPILOT_VERSION": autopilot_version,
    "PROTOCOL_VERSION": protocol_version, "HIGH_LATENCY2": high_latency2,
    "NAV_CONTROLLER_OUTPUT": nav_controller_output, "POSITION_TARGET_GLOBAL_INT": position_target,
}  # fmt: skip
"""Who makes which message."""
